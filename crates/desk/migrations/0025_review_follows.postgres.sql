-- One case a visit becomes one case a visit and place.
ALTER TABLE review_case DROP CONSTRAINT review_case_visit_key;
ALTER TABLE review_case ADD CONSTRAINT review_case_places UNIQUE (visit, follows);
CREATE TRIGGER review_case_follows BEFORE UPDATE ON review_case FOR EACH ROW WHEN (NEW.follows IS DISTINCT FROM OLD.follows)
    EXECUTE FUNCTION desk_refuse();
