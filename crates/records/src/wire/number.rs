use std::{borrow::Cow, cmp::Ordering};

/// The greatest power of ten of a number's first digit that DynamoDB takes.
const MAX_POWER: i64 = 125;
/// The smallest power of ten that DynamoDB takes.
const MIN_POWER: i64 = -130;
/// Below this power of ten DynamoDB writes an exponent, and so does JavaScript.
const PLAIN_FROM: i64 = -6;
/// From this power of ten on JavaScript writes an exponent.
const JAVASCRIPT_EXPONENT_FROM: i64 = 21;

/// Compares two numbers of DynamoDB as decimals, digit by digit; none where one is no number.
pub fn compare_numbers(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (Decimal::parse(one)?, Decimal::parse(other)?);
    Some(match (one.sign(), other.sign()) {
        (0, 0) => Ordering::Equal,
        (a, b) if a != b => a.cmp(&b),
        (1, _) => one.magnitude(&other),
        _ => other.magnitude(&one),
    })
}

/// The one spelling of a number that all its spellings have: that of DynamoDB's answers. Without
/// needless zeros and signs; plain digits from a millionth on (`1000000000000000000000`), an
/// exponent below (`1E-7`). Zero has no sign. Text that is no number stays as it is.
///
/// What DynamoDB does not take (more than 38 digits, beyond 1E-130 to 9.99E+125) keeps all of its
/// digits, and has an exponent where it is beyond those powers.
pub fn canonical_number(text: &str) -> Cow<'_, str> {
    if is_plain_integer(text) {
        return Cow::Borrowed(text);
    }
    let Some(decimal) = Decimal::parse(text) else {
        return Cow::Borrowed(text);
    };
    let canonical = decimal.canonical();
    if canonical == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(canonical)
    }
}

/// Whether the text is the one spelling of its number.
pub(crate) fn is_canonical_number(text: &str) -> bool {
    matches!(canonical_number(text), Cow::Borrowed(_))
}

/// Other spellings of a number under which existing backups may name it: JavaScript's (`1e-7`,
/// `1e+21`), those of other languages' decimals (`1E+21`), and plain digits. None for the numbers
/// that everybody spells alike.
pub(crate) fn other_spellings(text: &str) -> Vec<String> {
    let Some(decimal) = Decimal::parse(text) else {
        return Vec::new();
    };
    if decimal.digits.is_empty() {
        return Vec::new();
    }
    let power = decimal.power();
    let plain = (PLAIN_FROM..JAVASCRIPT_EXPONENT_FROM).contains(&power);
    if plain || !(MIN_POWER..=MAX_POWER).contains(&power) {
        return Vec::new();
    }
    let canonical = decimal.canonical();
    let mut spellings = vec![
        decimal.scientific("e", "+"),
        decimal.scientific("E", "+"),
        decimal.plain(),
    ];
    spellings.retain(|spelling| *spelling != canonical);
    spellings
}

/// Digits without a leading zero: how nearly all numbers are spelled.
fn is_plain_integer(text: &str) -> bool {
    let digits = text
        .as_bytes()
        .strip_prefix(b"-")
        .unwrap_or(text.as_bytes());
    let short = i64::try_from(digits.len()).is_ok_and(|length| length <= MAX_POWER);
    match digits {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', rest @ ..] => short && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// `0.d₁d₂… × 10^exponent`, with d₁ ≠ 0; no digits for zero.
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        let mut significant = digits[zeros..].to_vec();
        while significant.last() == Some(&b'0') {
            significant.pop();
        }
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
        Some(Self {
            negative,
            digits: significant,
            exponent: i64::from(exponent) + point,
        })
    }

    /// The significant digits, without leading and trailing zeros.
    pub(crate) fn digits(&self) -> &[u8] {
        &self.digits
    }

    /// The power of ten of the first digit: 2 of 123, -1 of 0.5.
    pub(crate) fn power(&self) -> i64 {
        self.exponent - 1
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => -1,
        }
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        self.exponent
            .cmp(&other.exponent)
            .then_with(|| self.digits.cmp(&other.digits))
    }

    fn canonical(&self) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        if (PLAIN_FROM..=MAX_POWER).contains(&self.power()) {
            self.plain()
        } else {
            self.scientific("E", "+")
        }
    }

    fn signed(&self) -> String {
        if self.negative { "-" } else { "" }.to_owned()
    }

    fn push(text: &mut String, digits: &[u8]) {
        text.extend(digits.iter().map(|digit| char::from(*digit)));
    }

    /// `12.5` or `0.00125`; only for powers that DynamoDB takes.
    fn plain(&self) -> String {
        let mut text = self.signed();
        let whole = usize::try_from(self.exponent).unwrap_or(0);
        if whole == 0 {
            text.push_str("0.");
            let zeros = usize::try_from(-self.exponent).unwrap_or(0);
            text.extend(std::iter::repeat_n('0', zeros));
            Self::push(&mut text, &self.digits);
        } else if whole >= self.digits.len() {
            Self::push(&mut text, &self.digits);
            text.extend(std::iter::repeat_n('0', whole - self.digits.len()));
        } else {
            Self::push(&mut text, &self.digits[..whole]);
            text.push('.');
            Self::push(&mut text, &self.digits[whole..]);
        }
        text
    }

    /// `1.25E-9`.
    fn scientific(&self, letter: &str, plus: &str) -> String {
        let mut text = self.signed();
        Self::push(&mut text, &self.digits[..1]);
        if self.digits.len() > 1 {
            text.push('.');
            Self::push(&mut text, &self.digits[1..]);
        }
        text.push_str(letter);
        if self.power() >= 0 {
            text.push_str(plus);
        }
        text.push_str(&self.power().to_string());
        text
    }
}
