create table idempotent_requests (
  request_key varchar(300) primary key,
  fingerprint varchar(64) not null,
  status integer not null,
  location varchar(300),
  body varchar(1000000),
  created_at timestamp with time zone not null
);
