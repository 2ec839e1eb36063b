-- Why a mail failed, where it did: what a server's refusal says of the address (`hard`, `soft`) or not (`refused`), or that
-- no server took it in time (`expired`). Empty while it has not failed.
ALTER TABLE outbox ADD COLUMN cause TEXT NOT NULL DEFAULT '' CHECK (cause IN ('', 'hard', 'soft', 'refused', 'expired'));
UPDATE outbox SET cause = refusal WHERE refusal <> '';
ALTER TABLE outbox DROP COLUMN refusal;
