-- Failed sign-ins are counted in `throttle`, for known and unknown addresses alike.
ALTER TABLE business_account DROP COLUMN failed_sign_ins;
ALTER TABLE business_account DROP COLUMN last_failed_at;
