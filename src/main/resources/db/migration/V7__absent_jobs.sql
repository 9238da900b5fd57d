-- Ids of jobs that are not there although files of them may be: deleted ones, and those reserved for
-- a fork that never came to be.
create table absent_jobs (
  id varchar(40) primary key,
  reserved boolean not null,
  since timestamp with time zone not null
);
create index absent_jobs_age on absent_jobs (since);
