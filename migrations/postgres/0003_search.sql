-- What can be found: a row a message, under its id. The words are not kept here: they are views on raw mails. Whoever deletes a
-- message, it is found no more.
CREATE TABLE search (
    id    BIGINT   NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    found TSVECTOR NOT NULL
);
CREATE INDEX search_found ON search USING gin (found);
