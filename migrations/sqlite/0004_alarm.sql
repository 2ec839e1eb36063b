-- What only a person can mend, as long as it lasts. A mail tells of each once, and once more when it is over.
CREATE TABLE alarm (
    -- What it is about: `mailbox support`, `transport out`, `sign-in main`.
    subject TEXT    NOT NULL PRIMARY KEY,
    since   INTEGER NOT NULL,
    -- What is wrong and what to do, for administrators.
    words   TEXT    NOT NULL,
    -- 1 once a mail about it was written.
    told    INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What servers refused lately, looked for again and again among all that was ever sent.
CREATE INDEX outbox_refused ON outbox (created_at) WHERE state IN ('failed', 'later');
