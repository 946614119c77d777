/// Parts that an upload may have.
const MOST: i32 = 10_000;
const MIB: usize = 1 << 20;

/// What part of this number holds; none past the last. Parts grow, so that a stream of any length fits into an upload and a
/// short one needs little memory: 109 GiB go into parts of at most 24 MiB, 1.2 TiB into all.
pub(super) fn size(number: i32) -> Option<usize> {
    match number {
        ..=2_000 => Some(8 * MIB),
        2_001..=6_000 => Some(24 * MIB),
        6_001..=8_000 => Some(64 * MIB),
        8_001..=MOST => Some(512 * MIB),
        _ => None,
    }
}

/// Bytes that are sent at once, beside the part that is being filled.
pub(super) const AT_ONCE: usize = 24 * MIB;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_s3_takes_and_hold_a_terabyte() {
        let sizes: Vec<usize> = (1..).map_while(size).collect();
        assert_eq!(sizes.len(), 10_000);
        // Parts have 5 MiB to 5 GiB, but for the last.
        assert!(
            sizes
                .iter()
                .all(|size| (5 * MIB..5_120 * MIB).contains(size))
        );
        assert!(sizes.is_sorted());
        assert!(sizes.iter().sum::<usize>() > 1_200 << 30);
        assert!(sizes[..6_000].iter().sum::<usize>() > 109 << 30);
        assert!(sizes[5_999] * 2 + AT_ONCE < 100 * MIB);
    }
}
