/// A percentage of AWS as the engine counts it.
pub(crate) fn percent(value: Option<f64>) -> Option<u8> {
    let value = value.filter(|v| v.is_finite())?.clamp(0.0, 100.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value was clamped to 0..=100"
    )]
    let whole = value as u8;
    Some(whole)
}
