//! Time zones by their names.
//!
//! The server has the time zone database. A browser has one, too, but only for showing moments; from
//! what it shows, the zone is put together for the years that matter, so that the database need not be
//! part of the page's code.

use jiff::tz::TimeZone;

/// The time zone of that name.
#[cfg(feature = "ssr")]
pub(crate) fn find(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// The time zone of that name.
#[cfg(not(feature = "ssr"))]
pub(crate) fn find(name: &str) -> Option<TimeZone> {
    browser::find(name)
}

/// A time zone from its offset at the beginning and its changes, both in seconds: the moments since
/// 1970 and the offsets from then on. Written down as RFC 8536 says and read again.
#[cfg(any(test, not(feature = "ssr")))]
fn of_changes(name: &str, first: i32, changes: &[(i64, i32)]) -> Option<TimeZone> {
    let mut offsets = vec![first];
    for (_, offset) in changes {
        if !offsets.contains(offset) {
            offsets.push(*offset);
        }
    }
    let header = |changes: usize, offsets: usize| -> Option<Vec<u8>> {
        let mut bytes = b"TZif2".to_vec();
        bytes.extend([0; 15]);
        // UT and standard indicators, leap seconds, changes, offsets, characters of names.
        for count in [0, 0, 0, changes, offsets, 4] {
            bytes.extend(u32::try_from(count).ok()?.to_be_bytes());
        }
        Some(bytes)
    };
    let offset_of = |seconds: i32| {
        let mut bytes = seconds.to_be_bytes().to_vec();
        bytes.extend([0, 0]);
        bytes
    };
    // A block for readers of the first version, which nobody reads.
    let mut bytes = header(0, 1)?;
    bytes.extend(offset_of(first));
    bytes.extend(b"UTC\0");
    bytes.extend(header(changes.len(), offsets.len())?);
    for (at, _) in changes {
        bytes.extend(at.to_be_bytes());
    }
    for (_, offset) in changes {
        let index = offsets.iter().position(|known| known == offset)?;
        bytes.push(u8::try_from(index).ok()?);
    }
    for offset in offsets {
        bytes.extend(offset_of(offset));
    }
    bytes.extend(b"UTC\0\n\n");
    TimeZone::tzif(name, &bytes).ok()
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use std::{cell::RefCell, collections::BTreeMap};

    use jiff::tz::TimeZone;
    use js_sys::{Array, Date, Function, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    use super::of_changes;

    thread_local! {
        static KNOWN: RefCell<BTreeMap<String, Option<TimeZone>>> = RefCell::default();
    }

    const DAY: i64 = 86_400;
    /// Years before and after today that schedules are shown in.
    const YEARS: (i64, i64) = (1, 11);
    /// No zone changes its clocks twice in fewer days.
    const STEP: i64 = 14 * DAY;

    pub(super) fn find(name: &str) -> Option<TimeZone> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(TimeZone::UTC);
        }
        let known = KNOWN.with_borrow(|known| known.get(name).cloned());
        known.unwrap_or_else(|| {
            let zone = read(name);
            KNOWN.with_borrow_mut(|known| known.insert(name.to_owned(), zone.clone()));
            zone
        })
    }

    fn read(name: &str) -> Option<TimeZone> {
        let offset = offsets(name)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "seconds since 1970 fit an i64"
        )]
        let today = (Date::now() / 1000.0) as i64;
        let (begin, end) = (today - YEARS.0 * 366 * DAY, today + YEARS.1 * 366 * DAY);
        let first = offset(begin)?;
        let (mut before, mut here, mut changes) = (begin, first, Vec::new());
        while before < end {
            let after = before + STEP;
            let there = offset(after)?;
            if there != here {
                let (mut low, mut high) = (before, after);
                while high - low > 1 {
                    let middle = i64::midpoint(low, high);
                    if offset(middle)? == here {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                changes.push((high, there));
                here = there;
            }
            before = after;
        }
        of_changes(name, first, &changes)
    }

    /// The zone's distance from UTC at any second; none when the browser knows no such zone.
    fn offsets(name: &str) -> Option<impl Fn(i64) -> Option<i32>> {
        let options = Object::new();
        for (option, value) in [("timeZone", name), ("timeZoneName", "longOffset")] {
            Reflect::set(&options, &option.into(), &value.into()).ok()?;
        }
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let constructor: Function = Reflect::get(&intl, &"DateTimeFormat".into())
            .ok()?
            .dyn_into()
            .ok()?;
        // It throws for a name that it does not know.
        let format =
            Reflect::construct(&constructor, &Array::of2(&"en-US".into(), &options)).ok()?;
        let write: Function = Reflect::get(&format, &"format".into())
            .ok()?
            .dyn_into()
            .ok()?;
        Some(move |second: i64| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "milliseconds of this age fit an f64"
            )]
            let date = Date::new(&JsValue::from_f64(second as f64 * 1000.0));
            let text = write.call1(&JsValue::NULL, &date).ok()?.as_string()?;
            super::seconds_of(text.rsplit_once("GMT")?.1)
        })
    }
}

/// The seconds of an offset as browsers write it: nothing, `+02:00`, `-03:30`.
#[cfg(any(test, not(feature = "ssr")))]
fn seconds_of(offset: &str) -> Option<i32> {
    let offset = offset.trim();
    if offset.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-" | "\u{2212}", digits) => (-1, digits),
        _ => return None,
    };
    let mut seconds = 0;
    for (part, unit) in digits.split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i32>().ok()? * unit;
    }
    Some(sign * seconds)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_zone_of_its_changes_has_the_offsets_of_the_database() {
        let berlin = find("Europe/Berlin").unwrap();
        let begin: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let changes: Vec<(i64, i32)> = berlin
            .following(begin)
            .take(10)
            .map(|change| (change.timestamp().as_second(), change.offset().seconds()))
            .collect();
        let made = of_changes("Europe/Berlin", 3600, &changes).unwrap();
        for hours in 0..(4 * 366 * 24) {
            let at = begin + jiff::SignedDuration::from_hours(hours);
            assert_eq!(made.to_offset(at), berlin.to_offset(at), "{at}");
        }
    }

    #[test]
    fn a_zone_without_changes_keeps_its_offset() {
        let made = of_changes("Asia/Kolkata", 19_800, &[]).unwrap();
        let at: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(made.to_offset(at).seconds(), 19_800);
    }

    #[test]
    fn offsets_are_read_as_browsers_write_them() {
        for (text, seconds) in [
            ("", Some(0)),
            ("+02:00", Some(7200)),
            ("-03:30", Some(-12_600)),
            ("+05:53:28", Some(21_208)),
            ("?", None),
        ] {
            assert_eq!(seconds_of(text), seconds, "{text}");
        }
    }

    #[test]
    fn nobody_knows_a_zone_that_is_none() {
        assert!(find("Mars/Olympus").is_none());
    }
}
