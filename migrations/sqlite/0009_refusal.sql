-- What a server's refusal says of the address: that it is bad (`hard`), or that it took nothing from us this time
-- (`soft`). Empty when it says nothing of it: the failure was ours, or the server's.
ALTER TABLE outbox ADD COLUMN refusal TEXT NOT NULL DEFAULT '' CHECK (refusal IN ('', 'hard', 'soft'));
