CREATE TRIGGER subject_key_no_update BEFORE UPDATE ON subject_key
BEGIN SELECT RAISE(ABORT, 'a key of a person is erased, never changed'); END;
CREATE TRIGGER subject_erasure_no_update BEFORE UPDATE ON subject_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays written down'); END;
CREATE TRIGGER subject_erasure_no_delete BEFORE DELETE ON subject_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays written down'); END;
