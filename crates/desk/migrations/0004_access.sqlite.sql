CREATE TRIGGER delegation_no_delete BEFORE DELETE ON delegation
BEGIN SELECT RAISE(ABORT, 'delegations are ended, never deleted'); END;
CREATE TRIGGER delegation_end_only BEFORE UPDATE ON delegation
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.id <> OLD.id OR NEW.from_user <> OLD.from_user
  OR NEW.to_user <> OLD.to_user OR NEW.first_day <> OLD.first_day OR NEW.last_day <> OLD.last_day
BEGIN SELECT RAISE(ABORT, 'a delegation can only be ended, once'); END;
CREATE TRIGGER api_token_no_delete BEFORE DELETE ON api_token
BEGIN SELECT RAISE(ABORT, 'tokens are revoked, never deleted'); END;
