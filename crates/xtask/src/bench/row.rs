use anyhow::Context as _;
use serde_json::Value;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) budget: String,
    pub(super) figure: String,
    /// Whether the budget holds; none when there is no budget.
    pub(super) holds: Option<bool>,
}

impl Row {
    pub(super) fn new(
        what: impl Into<String>,
        budget: impl Into<String>,
        figure: impl Into<String>,
        holds: impl Into<Option<bool>>,
    ) -> Self {
        Self {
            what: what.into(),
            budget: budget.into(),
            figure: figure.into(),
            holds: holds.into(),
        }
    }

    /// Reads `{"row": …, "budget": …, "figure": …, "ok": …}`, as other benchmarks print it.
    pub(super) fn from_json(line: &str) -> anyhow::Result<Self> {
        let value: Value =
            serde_json::from_str(line).with_context(|| format!("not a line of JSON: {line}"))?;
        let text = |name: &str| -> anyhow::Result<String> {
            let field = value.get(name).and_then(Value::as_str);
            Ok(field
                .with_context(|| format!("no {name:?} in {line}"))?
                .to_owned())
        };
        Ok(Self {
            what: text("row")?,
            budget: text("budget")?,
            figure: text("figure")?,
            holds: value.get("ok").and_then(Value::as_bool),
        })
    }

    /// The verdict in a word.
    pub(super) fn verdict(&self) -> &'static str {
        match self.holds {
            Some(true) => "holds",
            Some(false) => "missed",
            None => "",
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::Row;

    #[test]
    fn a_line_of_another_benchmark_becomes_a_row() {
        let line =
            r#"{"row":"Ingest","budget":"≥ 20,000 points/s","figure":"31,000 points/s","ok":true}"#;
        let row = Row::from_json(line).unwrap();
        assert_eq!(
            row,
            Row::new("Ingest", "≥ 20,000 points/s", "31,000 points/s", true)
        );
    }

    #[test]
    fn a_line_without_a_figure_is_refused_by_name() {
        let error = Row::from_json(r#"{"row":"Ingest","budget":"","ok":true}"#).unwrap_err();
        assert!(error.to_string().contains("figure"), "{error}");
    }
}
