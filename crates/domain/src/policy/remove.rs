use super::{Document, merge::spliced};
use crate::Invalid;

/// The policy without the statements of these ids; none where nothing is left, since AWS takes no
/// policy without a statement. Every other statement keeps every byte.
pub fn remove(document: &Document, sids: &[&str]) -> Result<Option<String>, Invalid> {
    let mut now = document.clone();
    for index in (0..document.placed.len()).rev() {
        let sid = document.placed[index].statement.sid.as_deref();
        if sid.is_some_and(|sid| sids.contains(&sid)) {
            match without(&now, index)? {
                Some(rest) => now = rest,
                None => return Ok(None),
            }
        }
    }
    Ok(Some(now.text().to_owned()).filter(|_| !now.placed.is_empty()))
}

/// The policy without one statement; none where it was the last.
pub(super) fn without(document: &Document, index: usize) -> Result<Option<Document>, Invalid> {
    if document.placed.len() < 2 {
        return Ok(None);
    }
    let place = |index: usize| document.placed.get(index).map(|placed| placed.span.clone());
    let Some(own) = place(index) else {
        return Ok(Some(document.clone()));
    };
    let before = index.checked_sub(1).and_then(place);
    let cut = match (before, place(index + 1)) {
        (Some(before), _) => before.end..own.end,
        (None, Some(after)) => own.start..after.start,
        (None, None) => own,
    };
    Document::read(&spliced(document.text(), &cut, "")).map(Some)
}
