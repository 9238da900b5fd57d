-- What there was before belongs to the one owner of a server without keys.
alter table jobs add column owner varchar(100) default 'local' not null;
create index jobs_owner on jobs (owner, id);
create index jobs_owner_state on jobs (owner, state, id);

alter table models add column owner varchar(100) default 'local' not null;
alter table models drop constraint models_name_version;
alter table models add constraint models_owner_name_version unique (owner, name, version);
create index models_owner on models (owner, id);

-- A name was unique by a constraint without a name of its own; it goes with its column.
alter table datasets add column owner varchar(100) default 'local' not null;
alter table datasets add column own_name varchar(100);
update datasets set own_name = name;
alter table datasets drop column name;
alter table datasets rename column own_name to name;
alter table datasets add constraint datasets_owner_name unique (owner, name);
create index datasets_owner on datasets (owner, id);

-- The key of a request is its owner's.
alter table idempotent_requests alter column request_key set data type varchar(500);
update idempotent_requests set request_key = 'local ' || request_key;
