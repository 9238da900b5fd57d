-- A deployment has copies of its own of the files that it serves, among those of the job. The job
-- cannot go before it.
create table deployments (
  owner varchar(200) not null,
  name varchar(100) not null,
  revision integer not null,
  job_id varchar(40) not null references jobs (id),
  -- "best", "last" or an epoch, as it was asked for; null for the job's result.
  checkpoint varchar(20),
  epoch integer not null,
  model_file varchar(100) not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  primary key (owner, name)
);
create index deployments_job on deployments (job_id);
