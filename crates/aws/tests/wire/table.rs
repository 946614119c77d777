//! The table in `tests/README.md` and the skips in code say the same.

use anyhow::ensure;

use crate::{cases::NAMES, skips::SKIPS, world::World};

/// The table as the code knows it.
fn rows() -> Vec<String> {
    let mut rows = vec![
        "| case | fake | sandbox | ministack | moto |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for name in NAMES {
        let cells: Vec<&str> = World::ALL
            .into_iter()
            .map(|world| crate::skips::reason(world, name).unwrap_or("yes"))
            .collect();
        rows.push(format!(
            "| {} | {} |",
            name.replace('_', " "),
            cells.join(" | ")
        ));
    }
    rows
}

#[test]
fn the_table_for_people_says_what_the_code_does() -> anyhow::Result<()> {
    let readme = include_str!("../README.md");
    let written: Vec<&str> = readme.lines().filter(|l| l.starts_with('|')).collect();
    let known = rows();
    ensure!(
        written == known,
        "tests/README.md should hold this table:\n{}",
        known.join("\n")
    );
    Ok(())
}

#[test]
fn every_skip_is_of_a_case_that_exists_and_gives_a_reason() -> anyhow::Result<()> {
    for (world, case, reason) in SKIPS {
        ensure!(NAMES.contains(case), "{world}::{case} is not a case");
        ensure!(reason.len() > 20, "{world}::{case} has no reason");
        ensure!(
            !reason.contains('|'),
            "{world}::{case}: the reason breaks the table"
        );
    }
    Ok(())
}
