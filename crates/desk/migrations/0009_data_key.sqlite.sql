CREATE TRIGGER data_key_id_stays BEFORE UPDATE ON data_key WHEN NEW.id <> OLD.id OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a data key is only wrapped anew'); END;
