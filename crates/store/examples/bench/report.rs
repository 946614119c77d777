use std::time::Duration;

/// Prints rows as they are known.
pub(crate) struct Report {
    pub(crate) json: bool,
}

impl Report {
    /// A figure with its budget; `ok` is none where there is no budget.
    pub(crate) fn row(&self, row: &str, budget: &str, figure: &str, ok: Option<bool>) {
        if self.json {
            let line =
                serde_json::json!({"row": row, "budget": budget, "figure": figure, "ok": ok});
            println!("{line}");
        } else {
            let verdict = match ok {
                Some(true) => "holds",
                Some(false) => "MISSED",
                None => "",
            };
            println!("{row:<72} {budget:>20} {figure:>22} {verdict}");
        }
    }

    /// A latency that must not be longer than so many milliseconds.
    pub(crate) fn at_most(&self, row: &str, budget: u32, figure: Duration) {
        let milliseconds = figure.as_secs_f64() * 1000.0;
        self.row(
            row,
            &format!("≤ {budget} ms"),
            &format!("{milliseconds:.2} ms"),
            Some(milliseconds <= f64::from(budget)),
        );
    }

    /// A rate that must not be lower; none where it is only told.
    pub(crate) fn at_least(&self, row: &str, budget: Option<u32>, unit: &str, figure: f64) {
        self.row(
            row,
            &budget.map_or_else(String::new, |budget| format!("≥ {budget} {unit}")),
            &format!("{figure:.0} {unit}"),
            budget.map(|budget| figure >= f64::from(budget)),
        );
    }
}

/// The 95th percentile.
pub(crate) fn p95(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    let place = samples.len() * 95 / 100;
    samples.get(place).copied().unwrap_or_default()
}
