/// The end of the string that begins at `at` (its opening quote), in text of normal form.
pub(super) fn string_end(text: &[u8], at: usize) -> usize {
    let mut place = at + 1;
    while let Some(&byte) = text.get(place) {
        match byte {
            b'"' => return place + 1,
            b'\\' => place += 2,
            _ => place += 1,
        }
    }
    text.len()
}

/// The end of the JSON value that begins at `at`, in text of normal form. Needs no stack.
pub(crate) fn value_end(text: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut place = at;
    while let Some(&byte) = text.get(place) {
        match byte {
            b'"' => {
                place = string_end(text, place);
                if depth == 0 {
                    return place;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                if depth == 0 {
                    return place;
                }
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
            b',' if depth == 0 => return place,
            _ => {}
        }
        place += 1;
    }
    text.len()
}
