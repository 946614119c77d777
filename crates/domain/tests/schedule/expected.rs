//! Hundreds of expressions with the next ten moments that `expected.py`, which shares nothing with this
//! crate, computed for them.

use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use tidemark_domain::schedule::AwsCron;

const TABLE: &str = include_str!("expected.tsv");

struct Case {
    cron: &'static str,
    zone: &'static str,
    begin: Timestamp,
    next: Vec<Timestamp>,
}

fn cases() -> Vec<Case> {
    TABLE
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [cron, zone, begin, next] = fields[..] else {
                panic!("four fields: {line}");
            };
            Case {
                cron,
                zone,
                begin: begin.parse().unwrap(),
                next: next
                    .split_whitespace()
                    .map(|at| at.parse().unwrap())
                    .collect(),
            }
        })
        .collect()
}

#[test]
fn the_table_holds_more_than_two_hundred_different_expressions() {
    let different: BTreeSet<&str> = cases().into_iter().map(|case| case.cron).collect();
    assert!(different.len() > 200, "{}", different.len());
}

#[test]
fn every_expression_gives_the_next_ten_moments() {
    let mut wrong = Vec::new();
    for case in cases() {
        let zone = TimeZone::get(case.zone).unwrap();
        let cron = AwsCron::parse(case.cron).unwrap();
        let got: Vec<Timestamp> = cron.after(case.begin, &zone).take(10).collect();
        if got != case.next {
            wrong.push(format!(
                "{} in {} from {}\n  expected {:?}\n  got      {got:?}",
                case.cron, case.zone, case.begin, case.next
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn going_back_from_each_moment_finds_the_one_before() {
    for case in cases() {
        let zone = TimeZone::get(case.zone).unwrap();
        let cron = AwsCron::parse(case.cron).unwrap();
        for pair in case.next.windows(2) {
            assert_eq!(
                cron.before(pair[1], &zone),
                Some(pair[0]),
                "{} in {} before {}",
                case.cron,
                case.zone,
                pair[1]
            );
        }
    }
}

#[test]
fn every_expression_is_told_in_words_and_reads_back_from_its_text() {
    for case in cases() {
        let cron = AwsCron::parse(case.cron).unwrap();
        assert!(!cron.explain().is_empty(), "{}", case.cron);
        assert_eq!(AwsCron::parse(cron.as_str()).unwrap(), cron);
    }
}
