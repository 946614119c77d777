use std::{fmt::Write as _, thread};

use tidemark_simulation::{Keep, Outcome, live};

/// So many worlds are lived through in each run of the tests.
const WORLDS: u64 = 300;
const THREADS: u64 = 2;

fn failing(thread: u64) -> Vec<Outcome> {
    (thread..WORLDS)
        .step_by(usize::try_from(THREADS).unwrap())
        .map(|seed| live(seed, Keep::Nothing).unwrap())
        .filter(|outcome| !outcome.violations.is_empty())
        .collect()
}

#[test]
fn every_rule_holds_in_a_few_hundred_worlds() {
    let failing: Vec<Outcome> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || failing(thread)))
            .collect();
        let ends = threads.into_iter().map(|thread| thread.join().unwrap());
        ends.flatten().collect()
    });
    let mut told = String::new();
    for Outcome {
        seed, violations, ..
    } in &failing
    {
        for violation in violations {
            writeln!(told, "seed {seed}, {:#}: {violation}", violation.at).unwrap();
        }
    }
    assert!(
        failing.is_empty(),
        "`cargo xtask simulate --seed <seed>` shows what happened\n{told}"
    );
}

#[test]
fn the_same_seed_gives_the_same_world() {
    for seed in [3, 10, 29, 68, 1000] {
        let (one, two) = (
            live(seed, Keep::Lines).unwrap(),
            live(seed, Keep::Lines).unwrap(),
        );
        let differs = one
            .lines
            .iter()
            .zip(&two.lines)
            .find(|(one, two)| one != two);
        if let Some((one, two)) = differs {
            panic!("seed {seed} went differently:\n  {one}\n  {two}");
        }
        assert_eq!(one.hash, two.hash, "seed {seed}");
        assert_eq!(one.violations, two.violations, "seed {seed}");
    }
}

#[test]
fn different_seeds_give_different_worlds() {
    let (one, two) = (live(1, Keep::Hash).unwrap(), live(2, Keep::Hash).unwrap());
    assert_ne!(one.hash, two.hash);
}
