use jiff::Timestamp;
use tidemark_domain::sets::{HookReach, SetManifest, misfits, read, upcoming};

use crate::manifest::SMALL;

fn set(windows: &str) -> SetManifest {
    let text = format!("{SMALL}windows:\n{windows}");
    read(&text, &HookReach::default()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn winter() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

const COLD: &str = "  - {name: cold, kind: cold, schedule: cron(0 2 * * ? *), time_zone: Europe/Berlin, minutes: 90}\n";

fn texts(windows: &str) -> Vec<String> {
    misfits(&set(windows), winter())
        .into_iter()
        .map(|misfit| misfit.text)
        .collect()
}

#[test]
fn what_lies_in_the_cold_window_is_well() {
    let backup = "  - {name: b, kind: backup, member: disk, schedule: cron(15 2 * * ? *), time_zone: Europe/Berlin, minutes: 75}\n";
    assert_eq!(texts(&format!("{COLD}{backup}")), Vec::<String>::new());
    // Without a cold window nothing is outside it.
    assert_eq!(texts(backup), Vec::<String>::new());
}

#[test]
fn minutes_outside_the_cold_window_are_counted() {
    let backup = "  - {name: b, kind: backup, member: disk, schedule: cron(45 1 * * ? *), time_zone: Europe/Berlin, minutes: 120}\n";
    let found = misfits(&set(&format!("{COLD}{backup}")), winter());
    let minutes: Vec<_> = found.iter().map(|misfit| misfit.minutes).collect();
    assert!(minutes.contains(&Some(30)), "{found:#?}");
    assert!(
        found[0].text.starts_with(
            "The backup window b begins 15 minutes before it is cold and goes on for 15 minutes after it has been cold: 30 of \
             its 120 minutes"
        ),
        "{found:#?}"
    );
}

#[test]
fn a_window_in_another_time_zone_leaves_with_daylight_saving() {
    // 01:15 UTC is 02:15 in Berlin's winter and 03:15 in its summer. The clock goes from 02:00 to 03:00 on the first day of
    // summer, on which it is not cold at all.
    let backup =
        "  - {name: b, kind: backup, member: disk, schedule: cron(15 1 * * ? *), minutes: 60}\n";
    let found = misfits(&set(&format!("{COLD}{backup}")), winter());
    let told: Vec<_> = found
        .iter()
        .map(|misfit| {
            (
                misfit.minutes,
                misfit.first.unwrap().to_string()[..10].to_owned(),
            )
        })
        .collect();
    let expected = [
        (Some(60), "2027-03-28".to_owned()),
        (Some(45), "2027-03-29".to_owned()),
    ];
    assert_eq!(told, expected, "{found:#?}");
}

#[test]
fn a_backup_at_another_time_of_day_lies_wholly_outside() {
    let backup =
        "  - {name: b, kind: backup, member: disk, schedule: cron(0 12 * * ? *), minutes: 60}\n";
    let found = texts(&format!("{COLD}{backup}"));
    assert!(
        found[0].contains("lies wholly outside the cold windows: 60 of its 60 minutes"),
        "{found:?}"
    );
}

#[test]
fn maintenance_in_the_cold_window_is_told_of() {
    let maintenance = "  - {name: m, kind: maintenance, member: database, schedule: cron(0 3 ? * SUN *), time_zone: Europe/Berlin, minutes: 60}\n";
    let found = misfits(&set(&format!("{COLD}{maintenance}")), winter());
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].minutes, Some(30));
}

#[test]
fn memorydb_and_rds_windows_have_a_least_length() {
    let text = SMALL.replace("file_system: fs-01", "memorydb_cluster: cache")
        + "windows:\n  - {name: s, kind: backup, member: disk, schedule: cron(0 2 * * ? *), minutes: 45}\n  - {name: d, kind: backup, member: database, schedule: cron(0 2 * * ? *), minutes: 20}\n";
    let set = read(&text, &HookReach::default()).unwrap();
    let minutes: Vec<_> = misfits(&set, winter())
        .iter()
        .map(|misfit| misfit.minutes)
        .collect();
    assert_eq!(minutes, [Some(15), Some(10)]);
}

#[test]
fn continuous_backup_of_a_file_system_is_warned_of() {
    let text = SMALL.replace(
        "file_system: fs-01",
        "file_system: fs-01\n    continuous_backup: true",
    );
    let set = read(&text, &HookReach::default()).unwrap();
    let found = misfits(&set, winter());
    assert!(
        found.len() == 1 && found[0].text.contains("snapshots only"),
        "{found:#?}"
    );
}

#[test]
fn windows_are_listed_in_the_order_in_which_they_come() {
    let backup = "  - {name: b, kind: backup, member: disk, schedule: cron(15 2 * * ? *), time_zone: Europe/Berlin, minutes: 60}\n";
    let list = upcoming(&set(&format!("{COLD}{backup}")), winter(), 2);
    let names: Vec<_> = list.iter().map(|one| one.window.as_str()).collect();
    assert_eq!(names, ["cold", "b", "cold", "b"]);
}
