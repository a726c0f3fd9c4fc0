//! What the work cost, as far as the system tells.

/// CPU seconds of this program so far, user and system; absent where the system does not tell.
pub fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold spaces; what follows its closing bracket does not.
    let after_name = stat.rsplit(')').next()?;
    let ticks: Vec<f64> = after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse().ok()).collect();
    // Linux counts in hundredths of a second for whoever reads /proc, whatever the kernel's own clock.
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / 100.0)
}

/// Most memory held at once so far, in megabytes; absent where the system does not tell.
pub fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1_024)
}
