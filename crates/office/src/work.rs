//! The worker of the portal: does the jobs that requests left behind, also those that another program began and did not end.

use std::time::Duration;

use base::{Date, Explain};
use chapter::App;

use crate::words;

/// How long it waits when there is nothing to do, and after the store failed.
const IDLE: Duration = Duration::from_millis(200);
/// Idle looks between two tidyings.
const TIDY: u32 = 3_000;
const TROUBLE: Duration = Duration::from_secs(5);

/// Works until the program ends.
pub async fn work(app: App) {
    let allowed = words::allowed(&app);
    let (mut idle, mut freed_on) = (0u32, None);
    loop {
        match app.desk.work(&allowed).await {
            Ok(Some(done)) => {
                if let Some(why) = done.failed {
                    eprintln!("một việc nền chưa xong ({}): {why}", if done.again { "sẽ thử lại" } else { "đã dừng" });
                }
            }
            Ok(None) => {
                // Once at the start, then about every ten minutes without work.
                if idle.is_multiple_of(TIDY) {
                    tidy(&app, &mut freed_on).await;
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

/// Folds the case counts and forgets selections over their time; once a day gives back cases of users who can no longer work on them.
async fn tidy(app: &App, freed_on: &mut Option<Date>) {
    if let Err(error) = app.desk.fold_case_counts().await {
        eprintln!("chưa gọn được số đếm hồ sơ, sẽ thử lại: {}", error.what());
    }
    if let Err(error) = app.desk.forget_selections().await {
        eprintln!("chưa xóa được lựa chọn hồ sơ đã quá hạn, sẽ thử lại: {}", error.what());
    }
    let today = app.today();
    if *freed_on == Some(today) {
        return;
    }
    match app.desk.free_cases().await {
        Ok(_) => *freed_on = Some(today),
        Err(error) => eprintln!("chưa trả lại được hồ sơ của người không còn phụ trách, sẽ thử lại: {}", error.what()),
    }
}
