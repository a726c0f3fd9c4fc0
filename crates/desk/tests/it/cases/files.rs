//! Attachments: what they are, how large, seen with their case only.

use desk::{DeskError, FILE_BYTES, NewFile, To};

use super::poor;
use crate::support::{HA_DONG, HOAN_KIEM, Place, commune_staff};

fn pdf(extra: usize) -> NewFile {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(bytes.len() + extra, 0);
    NewFile { name: "Đơn xin hoãn.pdf".into(), bytes }
}

#[tokio::test]
async fn a_file_is_kept_once_with_its_hash_and_read_back_whole() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, other) = (commune_staff(HA_DONG), commune_staff(HOAN_KIEM));
        let case = desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-1").await.unwrap().cases.remove(0);
        let file = desk.attach(&staff, &case.id, pdf(100), "form-file-1").await.unwrap();
        assert_eq!((file.media.as_str(), file.size, file.name.as_str()), ("application/pdf", 109, "Đơn xin hoãn.pdf"));
        assert_eq!(desk.attach(&staff, &case.id, pdf(100), "form-file-2").await.unwrap(), file);
        assert_eq!(desk.case_files(&staff, &case.id).await.unwrap(), std::slice::from_ref(&file));
        assert_eq!(desk.case_file(&staff, &case.id, &file.id).await.unwrap(), (file.clone(), pdf(100).bytes));
        for (wrong, what) in [(NewFile { name: "a.pdf".into(), bytes: b"MZ".to_vec() }, "kind"), (pdf(FILE_BYTES), "size")] {
            let answer = desk.attach(&staff, &case.id, wrong, "form-file-3").await;
            assert!(matches!(answer, Err(DeskError::Invalid { field: "file", .. })), "{what}: {answer:?}");
        }
        let missing = DeskError::NotFound { kind: "case" };
        assert_eq!(desk.case_files(&other, &case.id).await.unwrap_err(), missing);
        assert_eq!(desk.case_file(&other, &case.id, &file.id).await.unwrap_err(), missing);
        assert_eq!(desk.attach(&other, &case.id, pdf(5), "form-file-4").await.unwrap_err(), missing);
        // Bytes that are no longer those that were sent are not shown.
        place.disarm("case_file").await;
        let hex = if place.is_postgres() { "'\\x255044'::bytea" } else { "x'255044'" };
        place.raw(&format!("UPDATE case_file SET content = {hex}")).await.unwrap();
        assert!(matches!(desk.case_file(&staff, &case.id, &file.id).await, Err(DeskError::Damaged { .. })));
        place.remove(desk).await;
    }
}
