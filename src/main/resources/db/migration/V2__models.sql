create table models (
  id varchar(40) primary key,
  name varchar(100) not null,
  version integer not null,
  document varchar(1000000) not null,
  parameters bigint not null,
  created_at timestamp with time zone not null,
  constraint models_name_version unique (name, version)
);
