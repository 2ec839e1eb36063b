-- The form of a ticket: what is known of its fields, and how far it is.
CREATE TABLE form (
    ticket_id  INTEGER NOT NULL PRIMARY KEY REFERENCES ticket (id),
    -- The configured form by its name.
    form       TEXT    NOT NULL,
    stage      TEXT    NOT NULL CHECK (stage IN ('asking', 'working', 'approval', 'sent', 'cooling', 'engineer', 'done', 'declined')),
    -- The address it is about, normalised; empty while unknown. What a person does on a page finds the form by it.
    email      TEXT    NOT NULL DEFAULT '',
    -- Values with their places, doubts, rounds, approvals: JSON.
    data       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX form_email ON form (email, stage) WHERE email <> '';

-- What the directory of accounts is asked to do or to tell, worked off apart from the decision that asked.
CREATE TABLE directory_task (
    id              INTEGER NOT NULL PRIMARY KEY,
    ticket_id       INTEGER REFERENCES ticket (id),
    -- What the answer is for.
    purpose         TEXT    NOT NULL,
    -- The question: JSON.
    task            TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('new', 'done', 'failed')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    last_error      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX directory_task_due ON directory_task (next_attempt_at) WHERE state = 'new';

-- Links and codes that were sent to somebody, each good for one use. Only the SHA-256 of the token is kept.
CREATE TABLE link (
    hash       BLOB    NOT NULL PRIMARY KEY,
    purpose    TEXT    NOT NULL CHECK (purpose IN ('activate', 'code', 'reset', 'enrol', 'stop')),
    -- The address it was sent for: a Business Account's user name.
    email      TEXT    NOT NULL,
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When it was used or withdrawn.
    used_at    INTEGER
) STRICT;
CREATE INDEX link_email ON link (email, created_at);

INSERT INTO counter (name, value) VALUES ('directory_task', 0);
