-- Pages of jobs by state, newest first, and counts by state. It also finds the few jobs that hold a
-- lease; the index on leases only led planners to sort the queue.
create index jobs_newest on jobs (state, id);
drop index jobs_lease;

-- Each request with a key deletes those that are too old.
create index idempotent_requests_age on idempotent_requests (created_at);
