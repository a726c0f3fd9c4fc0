//! The worker of the portal: does the jobs that requests left behind, also those that another program began and did not end.

use std::time::Duration;

use base::Explain;
use chapter::App;

use crate::words;

/// How long it waits when there is nothing to do, and after the store failed.
const IDLE: Duration = Duration::from_millis(200);
/// Idle looks between two foldings of the case counts.
const FOLD: u32 = 3_000;
const TROUBLE: Duration = Duration::from_secs(5);

/// Works until the program ends.
pub async fn work(app: App) {
    let allowed = words::allowed(&app);
    let mut idle = 0u32;
    loop {
        match app.desk.work(&allowed).await {
            Ok(Some(done)) => {
                if let Some(why) = done.failed {
                    eprintln!("một việc nền chưa xong ({}): {why}", if done.again { "sẽ thử lại" } else { "đã dừng" });
                }
            }
            Ok(None) => {
                // Once at the start, then about every ten minutes without work.
                if idle.is_multiple_of(FOLD)
                    && let Err(error) = app.desk.fold_case_counts().await
                {
                    eprintln!("chưa gọn được số đếm hồ sơ, sẽ thử lại: {}", error.what());
                }
                idle = idle.wrapping_add(1);
                tokio::time::sleep(IDLE).await;
            }
            Err(error) => {
                eprintln!("chưa làm được việc nền, sẽ thử lại: {}", error.what());
                tokio::time::sleep(TROUBLE).await;
            }
        }
    }
}
