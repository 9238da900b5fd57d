-- A row names its files in the artifact store; files that no row names are no checkpoint.
create table job_checkpoints (
  job_id varchar(40) not null references jobs (id) on delete cascade,
  epoch integer not null,
  attempt integer not null,
  cause varchar(20) not null,
  bytes bigint not null,
  sha256 varchar(64) not null,
  best boolean not null,
  state_file varchar(100) not null,
  manifest_file varchar(100) not null,
  created_at timestamp with time zone not null,
  primary key (job_id, epoch)
);

-- Finished epochs when a checkpoint was asked for; null when none is due.
alter table jobs add column checkpoint_asked integer;

-- The job that this one was made from. It may be deleted.
alter table jobs add column lineage_kind varchar(20);
alter table jobs add column lineage_job varchar(40);
alter table jobs add column lineage_checkpoint integer;

alter table job_attempts add column resumed_from integer;
