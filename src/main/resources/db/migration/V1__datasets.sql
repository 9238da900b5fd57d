-- An id sorts by the time it was made; the file of a CSV dataset is named by it.
create table datasets (
  id         varchar(40)              not null primary key,
  name       varchar(100)             unique,
  kind       varchar(20)              not null,
  descriptor varchar(1000000)         not null,
  row_count  bigint                   not null,
  bytes      bigint,
  sha256     varchar(64),
  created_at timestamp with time zone not null
);
