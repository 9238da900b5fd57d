-- next_row is how many rows of the next epoch had trained: what a pause stores must not replace the
-- checkpoint of the whole epoch before it, which may be the best one. A new table, as the two
-- databases have no common way to change a primary key without a name.
create table new_job_checkpoints (
  job_id varchar(40) not null references jobs (id) on delete cascade,
  epoch integer not null,
  next_row integer not null,
  attempt integer not null,
  cause varchar(20) not null,
  bytes bigint not null,
  sha256 varchar(64) not null,
  best boolean not null,
  state_file varchar(100) not null,
  manifest_file varchar(100) not null,
  created_at timestamp with time zone not null,
  primary key (job_id, epoch, next_row)
);

insert into new_job_checkpoints (job_id, epoch, next_row, attempt, cause, bytes, sha256, best,
    state_file, manifest_file, created_at)
  select job_id, epoch, 0, attempt, cause, bytes, sha256, best, state_file, manifest_file, created_at
  from job_checkpoints;

drop table job_checkpoints;

alter table new_job_checkpoints rename to job_checkpoints;
