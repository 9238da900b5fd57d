-- The database is the truth: a job's state, lease, attempts and events change in one transaction.
create table jobs (
  id varchar(40) primary key,
  name varchar(100) not null,
  document varchar(1000000) not null,
  model_id varchar(40),
  dataset_id varchar(40),
  epochs integer not null,
  seed bigint not null,
  priority integer not null,
  max_runtime_seconds double precision,
  created_at timestamp with time zone not null,
  state varchar(20) not null,
  phase varchar(40),
  reason varchar(40),
  error varchar(4000),
  device varchar(40),
  attempt integer not null,
  crashes integer not null,
  crash_epoch integer not null,
  epoch integer not null,
  progress double precision not null,
  train_loss double precision,
  validation_loss double precision,
  best_loss double precision,
  best_epoch integer not null,
  last_sequence bigint not null,
  lease_owner varchar(60),
  lease_expires_at timestamp with time zone,
  queued_at timestamp with time zone not null,
  started_at timestamp with time zone,
  since timestamp with time zone,
  since_epoch integer not null,
  progress_at timestamp with time zone,
  finished_at timestamp with time zone
);
create index jobs_queue on jobs (state, priority desc, created_at, id);
create index jobs_lease on jobs (state, lease_expires_at);
create index jobs_dataset on jobs (dataset_id, state);

create table job_tags (
  job_id varchar(40) not null references jobs (id) on delete cascade,
  name varchar(100) not null,
  content varchar(200) not null,
  primary key (job_id, name)
);
create index job_tags_content on job_tags (name, content, job_id);

create table job_attempts (
  job_id varchar(40) not null references jobs (id) on delete cascade,
  attempt integer not null,
  token_hash varchar(64) not null,
  last_batch bigint not null,
  state varchar(20) not null,
  outcome varchar(40),
  exit_code integer,
  device varchar(40),
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  primary key (job_id, attempt)
);

-- An epoch's row is its job.epoch event: there is no second record of it.
create table job_events (
  job_id varchar(40) not null references jobs (id) on delete cascade,
  sequence bigint not null,
  type varchar(20) not null,
  epoch integer,
  at timestamp with time zone not null,
  content varchar(1000000) not null,
  primary key (job_id, sequence)
);
create index job_events_epoch on job_events (job_id, epoch);
