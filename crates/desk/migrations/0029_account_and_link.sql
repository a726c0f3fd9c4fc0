-- What administrators did with accounts is read newest first by who looks after personal data; the log holds millions of other events.
CREATE INDEX audit_event_accounts ON audit_event (seq)
    WHERE action IN ('put_user', 'reset_account', 'bind_identity', 'put_delegation');
