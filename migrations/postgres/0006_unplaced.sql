-- Mails of an archive that are in the ledger as history, until each has its place on a ticket: in the order of `at`, when they came.
CREATE TABLE unplaced (
    ledger_id BIGINT NOT NULL PRIMARY KEY REFERENCES ledger (id),
    at        BIGINT NOT NULL
);
CREATE INDEX unplaced_at ON unplaced (at, ledger_id);
