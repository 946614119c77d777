//! Numbers compare as DynamoDB compares them, against a decimal library.

use std::{cmp::Ordering, fmt::Write as _, str::FromStr as _, sync::Arc, time::Duration};

use bigdecimal::BigDecimal;
use proptest::prelude::*;
use tidemark_records::{
    capture::Applier,
    diff::diff_items,
    digest::RecordDigest,
    import::{ConvertOptions, convert},
    index::{BackupPaths, LayoutKind},
    key::{KeyAttribute, KeySchema, KeyType, RecordKey, object_names},
    ports::{PutObject, SourceTable},
    proof::{ProofOptions, prove},
    restore::{ApplyOptions, RestoreFilter, RestorePlanRequest, apply_restore, plan_restore},
    scan::ScanOptions,
    states::{Backup, KeyRange},
    testing::Faults,
    wire::{Item, canonical_number, compare_numbers},
};

use crate::world::{World, item};

/// A number of the whole range that DynamoDB takes, as sign, digits and the power of ten of the
/// first digit.
#[derive(Clone, Debug)]
struct Number {
    negative: bool,
    digits: String,
    power: i32,
}

/// How a number is spelled.
#[derive(Clone, Debug)]
struct Spelling {
    /// Places that the point is moved by.
    shift: i32,
    zeros_before: usize,
    zeros_after: usize,
    upper: bool,
    plus: bool,
}

impl Number {
    fn spell(&self, spelling: &Spelling) -> String {
        let mut text = String::new();
        if self.negative {
            text.push('-');
        } else if spelling.plus {
            text.push('+');
        }
        text.extend(std::iter::repeat_n('0', spelling.zeros_before));
        // `d.ddd × 10^power`, the point moved to the right.
        let point = 1 + spelling.shift;
        let length = i32::try_from(self.digits.len()).unwrap();
        if point <= 0 {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', usize::try_from(-point).unwrap()));
            text.push_str(&self.digits);
        } else if point >= length {
            text.push_str(&self.digits);
            text.extend(std::iter::repeat_n(
                '0',
                usize::try_from(point - length).unwrap(),
            ));
            text.push('.');
            text.push('0');
        } else {
            let (whole, fraction) = self.digits.split_at(usize::try_from(point).unwrap());
            let _ = write!(text, "{whole}.{fraction}");
        }
        text.extend(std::iter::repeat_n('0', spelling.zeros_after));
        let exponent = self.power - spelling.shift;
        if exponent != 0 {
            text.push(if spelling.upper { 'E' } else { 'e' });
            if exponent > 0 && spelling.plus {
                text.push('+');
            }
            let _ = write!(text, "{exponent}");
        }
        text
    }
}

fn number() -> impl Strategy<Value = Number> {
    (any::<bool>(), "[1-9][0-9]{0,37}|0", -130..=125).prop_map(|(negative, digits, power)| Number {
        negative,
        digits,
        power,
    })
}

fn spelling() -> impl Strategy<Value = Spelling> {
    (
        -140..=140,
        0_usize..3,
        0_usize..4,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(shift, zeros_before, zeros_after, upper, plus)| Spelling {
            shift,
            zeros_before,
            zeros_after,
            upper,
            plus,
        })
}

fn schema() -> KeySchema {
    KeySchema::simple(KeyAttribute::new("k", KeyType::N))
}

fn key(number: &str) -> RecordKey {
    RecordKey::parse(&schema(), format!("{{\"k\":{{\"N\":\"{number}\"}}}}")).unwrap()
}

/// As JavaScript writes a number, from Rust's shortest digits, which are the same.
fn javascript(value: f64) -> String {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    if (-6..21).contains(&exponent) {
        format!("{value}")
    } else {
        let plus = if exponent < 0 { "" } else { "+" };
        format!("{mantissa}e{plus}{exponent}")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_spelling_of_a_number_is_the_same_key_and_value(
        number in number(), one in spelling(), other in spelling(),
    ) {
        let (one, other) = (number.spell(&one), number.spell(&other));
        let canonical = canonical_number(&one);
        prop_assert_eq!(&canonical, &canonical_number(&other), "{} {}", one, other);
        prop_assert_eq!(&canonical_number(&canonical), &canonical);
        let exact = BigDecimal::from_str(&one).unwrap();
        prop_assert_eq!(&exact, &BigDecimal::from_str(&canonical).unwrap());
        prop_assert_eq!(compare_numbers(&one, &other), Some(Ordering::Equal));
        prop_assert_eq!(key(&one), key(&other));
        let inside = |number: &str| {
            item(&format!(
                r#"{{"k":{{"N":"{number}"}},"s":{{"NS":["7","{number}"]}},"m":{{"M":{{"l":{{"L":[{{"N":"{number}"}}]}}}}}}}}"#
            ))
        };
        let (left, right) = (inside(&one), inside(&other));
        if canonical != "7" {
            prop_assert_eq!(&left, &right);
            prop_assert_eq!(RecordDigest::of(&key(&one), &left), RecordDigest::of(&key(&other), &right));
            prop_assert!(diff_items(Some(&left), Some(&right)).is_empty());
        }
    }

    #[test]
    fn two_numbers_compare_as_decimals_do(
        one in number(), other in number(), spelled in spelling(), again in spelling(),
    ) {
        let (one, other) = (one.spell(&spelled), other.spell(&again));
        let exact = BigDecimal::from_str(&one).unwrap().cmp(&BigDecimal::from_str(&other).unwrap());
        prop_assert_eq!(compare_numbers(&one, &other), Some(exact));
        prop_assert_eq!(key(&one) == key(&other), exact.is_eq());
    }

    #[test]
    fn numbers_that_are_near_one_another_are_kept_apart(
        digits in "[1-9][0-9]{36}", power in -90..=120, one in 0_u8..10, other in 0_u8..10,
    ) {
        let spell = |last: u8| Number { negative: false, digits: format!("{digits}{last}"), power }
            .spell(&Spelling { shift: 3, zeros_before: 0, zeros_after: 0, upper: true, plus: false });
        prop_assert_eq!(key(&spell(one)) == key(&spell(other)), one == other);
        prop_assert_eq!(compare_numbers(&spell(one), &spell(other)), Some(one.cmp(&other)));
    }

    #[test]
    fn the_names_that_javascript_gives_are_among_those_of_a_key(
        digits in 1_u64..1_000_000_000_000_000, exponent in -120..=100_i32, negative in any::<bool>(),
    ) {
        let text = format!("{}{digits}e{exponent}", if negative { "-" } else { "" });
        let spelled = javascript(text.parse().unwrap());
        let names = object_names(&key(&text), &schema());
        let hash = sha256(&format!("{{\"k\":{{\"N\":\"{spelled}\"}}}}"));
        prop_assert!(names.contains(&hash), "{} is named as {}", text, spelled);
    }
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text))
}

#[test]
fn numbers_are_spelled_as_dynamodb_spells_them() {
    for (spelled, canonical) in [
        ("1", "1"),
        ("1.0", "1"),
        ("-0", "0"),
        ("0E+7", "0"),
        ("007.50", "7.5"),
        ("1e-7", "1E-7"),
        ("0.00000012", "1.2E-7"),
        ("0.000001", "0.000001"),
        ("1e+21", "1000000000000000000000"),
        ("1E-130", "1E-130"),
        ("-9.99E+125", &format!("-999{}", "0".repeat(123))),
        ("1E+126", "1E+126"),
        ("1E+2147483647", "1E+2147483647"),
        ("1E+99999999999", "1E+99999999999"),
        ("--1", "--1"),
        ("1e", "1e"),
    ] {
        assert_eq!(canonical_number(spelled), canonical, "{spelled}");
    }
}

/// What the older tool's backfill left of a table with extreme keys, and the table.
async fn older() -> (World, Backup) {
    let world = World::new(schema(), LayoutKind::Segments);
    let paths = BackupPaths::new("old", "orders");
    for (live, spelled) in [
        ("1", "1"),
        ("1E-7", "1e-7"),
        ("1000000000000000000000", "1e+21"),
    ] {
        let body = format!(r#"{{"k":{{"N":"{spelled}"}},"v":{{"N":"{spelled}"}}}}"#);
        let name = paths.object(&sha256(&format!(r#"{{"k":{{"N":"{spelled}"}}}}"#)));
        world
            .store(&Faults::none())
            .put(&PutObject::new(name, body))
            .await
            .unwrap();
        world.table.put(item(&format!(
            r#"{{"k":{{"N":"{live}"}},"v":{{"N":"{live}"}}}}"#
        )));
    }
    world.clock.advance(Duration::from_secs(5));
    let index = tidemark_records::index::IndexHandle::new(world.store(&Faults::none()), paths);
    let backup = Backup::older(index, schema());
    (world, backup)
}

async fn nothing_is_to_do(world: &World, backup: &Backup) {
    let request = RestorePlanRequest {
        id: "plan".to_owned(),
        as_of: world.time().now(),
        filter: RestoreFilter::default(),
        delete_others: true,
        scan: ScanOptions::default(),
    };
    let table: Arc<dyn SourceTable> = world.source();
    let plan = plan_restore(backup, &table, &world.time(), &request)
        .await
        .unwrap();
    assert_eq!((plan.counts.unchanged, plan.counts.actions()), (3, 0));
    assert!(plan.troubles.is_empty(), "{:?}", plan.troubles);
    apply_restore(
        backup.handle(),
        &table,
        &plan,
        &ApplyOptions::default(),
        |_| {},
    )
    .await
    .unwrap();
    assert_eq!(
        world.table.items().len(),
        3,
        "nothing live is deleted for its spelling"
    );
}

#[tokio::test]
async fn keys_in_javascripts_spelling_are_those_of_the_table_read_in_place() {
    let (world, backup) = older().await;
    nothing_is_to_do(&world, &backup).await;
    let history = backup.history(&key("10e20")).await.unwrap();
    assert_eq!(history.versions.len(), 1);
}

#[tokio::test]
async fn keys_in_javascripts_spelling_are_those_of_the_table_once_imported() {
    let (world, old) = older().await;
    world.prepare().await.unwrap();
    let applier = Applier::open(world.index(&Faults::none())).await.unwrap();
    let store = world.store(&Faults::none());
    convert(
        &store,
        old.handle().paths(),
        &applier,
        &ConvertOptions::default(),
        |_| {},
    )
    .await
    .unwrap();
    let backup = world.backup().await.unwrap();
    nothing_is_to_do(&world, &backup).await;
    let proof = prove(
        backup.handle(),
        &world.source(),
        &world.time(),
        &ProofOptions {
            looks: 1,
            ..ProofOptions::default()
        },
    )
    .await
    .unwrap();
    assert!(proof.complete, "{proof:?}");
    let one = backup
        .states(
            &[world.time().now()],
            KeyRange::partition(&schema(), r#"{"N":"1e21"}"#),
        )
        .await
        .unwrap()
        .all()
        .await
        .unwrap();
    let kept = one.records[0].item(0).map(Item::as_str).unwrap_or_default();
    assert!(
        kept.contains("1e+21"),
        "the record stays as it was written: {kept}"
    );
}
