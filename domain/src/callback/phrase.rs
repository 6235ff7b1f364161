//! The words by which both sides of a call know that it is about this case (C11).

/// Words of a phrase.
pub const PHRASE_WORDS: usize = 4;

/// Places of a phrase's words in a list of `words`. The seed is unguessable and the case's own, so
/// the phrase is too, and stays the same for as long as the case has its secret.
pub fn places(seed: u128, words: usize) -> [usize; PHRASE_WORDS] {
    let words = words.max(1) as u128;
    [0, 32, 64, 96].map(|shift| {
        let part = (seed >> shift) & u128::from(u32::MAX);
        usize::try_from(part % words).unwrap_or_default()
    })
}
