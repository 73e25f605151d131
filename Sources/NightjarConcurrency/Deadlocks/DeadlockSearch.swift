/// Chooses the threads whose waits have to end so that the others can go on.
///
/// A thread waits for whoever holds what it wants, or for nobody in particular. Threads that wait for each other in a circle are
/// chosen, and nobody else: the rest waits for them, or may be woken by what they do next. Without a circle those are chosen who
/// wait for nobody in particular; whoever waits for one of these will see its wait end.
struct DeadlockSearch {
    /// How gladly a thread is chosen.
    enum Candidacy {
        /// Not at all. Who waits for it waits for what it waits for.
        case none
        /// Only if nobody else in its circle can be.
        case reluctant
        case willing
        /// As `willing`, but outside of circles only if nobody else can be.
        case patient
    }

    struct Choice: Equatable {
        /// Those that wait for each other, circle by circle; none, if those are chosen whom nobody will wake.
        var circles: [[Int]] = []
        /// The chosen ones; none, if there are no candidates.
        var positions: [Int] = []
    }

    /// For each thread the position of the one that it waits for, where that is known.
    let holders: [Int?]
    let candidacies: [Candidacy]

    var choice: Choice {
        let candidates = candidacies.indices.filter { candidacies[$0] != .none }
        var following = [Int?](repeating: nil, count: candidacies.count)
        for candidate in candidates { following[candidate] = nextCandidate(after: candidate) }
        let circles = circles(of: candidates, following)
        if !circles.isEmpty {
            let positions = circles.flatMap { circle in prefer(circle) { candidacies[$0] != .reluctant } }
            return Choice(circles: circles, positions: positions)
        }
        let stranded = candidates.filter { following[$0] == nil }
        return Choice(positions: prefer(stranded) { candidacies[$0] != .patient })
    }

    private func prefer(_ positions: [Int], _ isPreferred: (Int) -> Bool) -> [Int] {
        let preferred = positions.filter(isPreferred)
        return preferred.isEmpty ? positions : preferred
    }

    /// The candidate that one waits for, perhaps through others; nil if it is nobody in particular.
    private func nextCandidate(after position: Int) -> Int? {
        var position = position
        // Those between may go round in circles.
        for _ in holders {
            guard let holder = holders[position] else { return nil }
            if candidacies[holder] != .none { return holder }
            position = holder
        }
        return nil
    }

    private func circles(of candidates: [Int], _ following: [Int?]) -> [[Int]] {
        var circles: [[Int]] = []
        // The walk in which a position was met first.
        var met = [Int?](repeating: nil, count: following.count)
        for start in candidates {
            var next: Int? = start
            while let position = next, met[position] == nil {
                met[position] = start
                next = following[position]
            }
            // Met in this very walk: it has come round.
            guard let first = next, met[first] == start else { continue }
            var circle = [first]
            while let position = following[circle[circle.count - 1]], position != first { circle.append(position) }
            circles.append(circle)
        }
        return circles
    }
}
