INSERT INTO unplaced (ledger_id, at) SELECT MIN(id), 1772442000000000 FROM ledger;
