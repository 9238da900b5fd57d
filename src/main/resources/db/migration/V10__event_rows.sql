-- Epochs that were reported together share a row: its sequence and epoch are those of the last one.
alter table job_events add column events integer default 1 not null;
