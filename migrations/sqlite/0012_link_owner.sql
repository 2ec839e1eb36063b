-- Links that somebody asked for who is proven to be whose account it is have a limit of their own.
ALTER TABLE link ADD COLUMN by_owner INTEGER NOT NULL DEFAULT 0;

-- What was asked of the directory is not kept once it is answered.
DELETE FROM directory_task WHERE state = 'done';
UPDATE directory_task SET task = '' WHERE state = 'failed';
