use std::{fs, process::Command};

use super::row::Row;
use crate::{cargo, paths, process, step::note};

const FILE: &str = "docs/benchmarks.md";
const HEADINGS: [&str; 4] = ["what", "budget", "figure", "verdict"];
/// What follows this line in the file is written by people and kept.
const NOTES: &str = "## Why budgets are missed";

/// The rows as a Markdown table whose columns line up.
pub(super) fn table(rows: &[Row]) -> String {
    let cells: Vec<[&str; 4]> = rows
        .iter()
        .map(|row| {
            [
                row.what.as_str(),
                row.budget.as_str(),
                row.figure.as_str(),
                row.verdict(),
            ]
        })
        .collect();
    let mut widths = HEADINGS.map(width);
    for line in &cells {
        for (wide, cell) in widths.iter_mut().zip(line) {
            *wide = (*wide).max(width(cell));
        }
    }
    let mut text = line(HEADINGS, widths);
    text.push_str(&line(["", "", "", ""], widths).replace(' ', "-"));
    for cell in cells {
        text.push_str(&line(cell, widths));
    }
    text
}

/// Writes the table with the machine, the date and the command; the notes below it stay.
pub(super) fn write(rows: &[Row]) -> anyhow::Result<()> {
    let path = paths::root().join(FILE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    let notes = old.find(NOTES).map_or_else(
        || format!("{NOTES}\n\nNone is missed, or no reason was written down.\n"),
        |start| old[start..].to_owned(),
    );
    let text = format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`. A benchmark is not a timed test: figures vary by machine, and no \
         test fails on a clock.\n\n\
         - Machine: {}\n- Date: {}\n- Command: `cargo xtask bench`\n- Built with: {}, release profile\n\n\
         {}\n{notes}",
        machine(),
        output("date", &["-u", "+%Y-%m-%d"]),
        process::capture(cargo::cargo().arg("--version"))?.trim(),
        table(rows),
    );
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text)?;
    note(&format!("Written to {FILE}"));
    Ok(())
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| {
            rest.trim_start_matches([' ', '\t', ':'])
        });
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    format!("{model}, {cores} cores, {} GiB", kilobytes / (1 << 20))
}

fn output(program: &str, args: &[&str]) -> String {
    process::capture(Command::new(program).args(args))
        .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

fn line(cells: [&str; 4], widths: [usize; 4]) -> String {
    let mut text = String::from("|");
    for (cell, wide) in cells.into_iter().zip(widths) {
        let padding = " ".repeat(wide.saturating_sub(width(cell)));
        text.push_str(&format_args!(" {cell}{padding} |").to_string());
    }
    text.push('\n');
    text
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::{Row, table};

    #[test]
    fn the_columns_of_the_table_line_up() {
        let rows = [
            Row::new("First page", "≤ 350 KB", "212 KB", true),
            Row::new("Rows", "", "3", None),
        ];
        let expected = "\
            | what       | budget   | figure | verdict |\n\
            |------------|----------|--------|---------|\n\
            | First page | ≤ 350 KB | 212 KB | holds   |\n\
            | Rows       |          | 3      |         |\n";
        assert_eq!(table(&rows), expected);
    }
}
