use super::{AttributeChange, diff_items};
use crate::wire::{Decimal, Item};

/// 2⁵³: beyond it, JavaScript's numbers are not exact.
const LIMIT: &str = "9007199254740992";

/// The attributes of a record whose numbers go beyond what JavaScript keeps, by path.
pub fn large_numbers(item: &Item) -> Vec<String> {
    let none = Item::parse("{}").ok();
    diff_items(none.as_ref(), Some(item))
        .into_iter()
        .filter(|change| change.after.as_deref().is_some_and(holds_large_number))
        .map(|change| change.path)
        .collect()
}

/// Whether all that differs are numbers beyond 2⁵³ that agree in their first 15 digits: what the
/// older tool's backfill does to numbers. `live` is what the table holds.
pub fn is_rounding(backup: &Item, live: &Item) -> bool {
    let changes = diff_items(Some(backup), Some(live));
    !changes.is_empty() && changes.iter().all(is_rounded)
}

fn is_rounded(change: &AttributeChange) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        return false;
    };
    let (Some(before), Some(after)) = (number(before), number(after)) else {
        return false;
    };
    let (Some(before), Some(after)) = (Decimal::parse(before), Decimal::parse(after)) else {
        return false;
    };
    let start = |number: &Decimal| -> Vec<u8> {
        let zeros = std::iter::repeat(&b'0');
        number
            .digits()
            .iter()
            .chain(zeros)
            .take(15)
            .copied()
            .collect()
    };
    let digits = i64::try_from(after.digits().len()).unwrap_or(i64::MAX);
    let is_beyond = digits.max(after.power() + 1) >= i64::try_from(LIMIT.len()).unwrap_or(i64::MAX);
    is_beyond && before.power() == after.power() && start(&before) == start(&after)
}

fn number(value: &str) -> Option<&str> {
    value.strip_prefix("{\"N\":\"")?.strip_suffix("\"}")
}

/// The significant digits, without sign, point, exponent and leading zeros.
fn plain_digits(number: &str) -> String {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

fn holds_large_number(value: &str) -> bool {
    value.split("\"N\":\"").skip(1).any(|rest| {
        let number = rest.split('"').next().unwrap_or_default();
        let digits = plain_digits(number);
        let digits = digits.trim_end_matches('0');
        digits.len() > LIMIT.len() || (digits.len() == LIMIT.len() && digits > LIMIT)
    })
}
