use std::io::{ErrorKind, IsTerminal as _, Write as _, stdout};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use serde::Serialize;

use super::CliError;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people.
    Table,
    /// For machines.
    Json,
}

/// Standard output in the format asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    format: OutputFormat,
}

impl Output {
    pub(crate) fn new(format: OutputFormat) -> Self {
        Self { format }
    }

    pub(crate) fn is_json(self) -> bool {
        self.format == OutputFormat::Json
    }

    /// Whether progress bars may be drawn: a person watches, and the output is not for a machine.
    pub(crate) fn is_lively(self) -> bool {
        !self.is_json() && std::io::stderr().is_terminal()
    }

    /// Writes the value as JSON, or as the table that is made from it.
    pub(crate) fn table<T: Serialize>(
        self,
        value: &T,
        headings: &[&str],
        rows: impl FnOnce(&T) -> Vec<Vec<String>>,
    ) -> Result<(), CliError> {
        self.text(value, |value| {
            let mut table = Table::new();
            table
                .load_preset(NOTHING)
                .set_content_arrangement(if stdout().is_terminal() {
                    ContentArrangement::Dynamic
                } else {
                    ContentArrangement::Disabled
                })
                .set_header(headings);
            table.add_rows(rows(value));
            table
                .lines()
                .map(|line| line.trim_end().to_owned())
                .collect::<Vec<_>>()
                .join("\n")
        })
    }

    /// Writes the value as JSON, or as the text that is made from it.
    pub(crate) fn text<T: Serialize>(
        self,
        value: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), CliError> {
        let text = match self.format {
            OutputFormat::Json => serde_json::to_string_pretty(value)
                .map_err(|error| CliError::machine("the result could not be written", error))?,
            OutputFormat::Table => text(value),
        };
        line(&text)
    }
}

/// Writes a line. A reader that went away, as `head` does, is no failure.
pub(crate) fn line(text: &str) -> Result<(), CliError> {
    match writeln!(stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Seconds, without a fraction, for tables.
pub(crate) fn time(at: Option<jiff::Timestamp>) -> String {
    at.map_or_else(
        || "-".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}
