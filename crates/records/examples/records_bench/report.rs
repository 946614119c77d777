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
}
