CREATE TRIGGER case_selection_owner BEFORE UPDATE ON case_selection
WHEN NEW.client_tx <> OLD.client_tx OR NEW.actor <> OLD.actor
BEGIN SELECT RAISE(ABORT, 'a selection stays with who made it'); END;
