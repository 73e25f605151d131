import Testing

@testable import NightjarConcurrency

@Suite struct DeadlockSearchTests {
    /// Threads by position: what each waits for, and how gladly it is chosen.
    private func choice(_ threads: (waitsFor: Int?, DeadlockSearch.Candidacy)...) -> DeadlockSearch.Choice {
        DeadlockSearch(holders: threads.map(\.waitsFor), candidacies: threads.map(\.1)).choice
    }

    @Test func ofThoseThatWaitForNobodyInParticularAllAreChosen() {
        #expect(choice((nil, .willing), (nil, .willing)).positions == [0, 1])
    }

    @Test func whoWaitsForAChosenOneIsNot() {
        #expect(choice((1, .patient), (2, .willing), (nil, .willing), (2, .willing)).positions == [2])
    }

    @Test func aCircleIsChosenAndNobodyElse() {
        let choice = choice((1, .willing), (2, .willing), (1, .willing), (nil, .willing), (nil, .patient))
        #expect(choice.circles == [[1, 2]])
        #expect(choice.positions == [1, 2])
    }

    @Test func aThreadMayWaitForItself() {
        #expect(choice((0, .patient)) == DeadlockSearch.Choice(circles: [[0]], positions: [0]))
    }

    @Test func severalCirclesAreFoundEachOnce() {
        let choice = choice((1, .willing), (0, .willing), (0, .willing), (4, .willing), (5, .patient), (3, .willing))
        #expect(choice.circles == [[0, 1], [3, 4, 5]])
    }

    @Test func thePatientOneIsChosenOnlyIfNobodyElseIs() {
        #expect(choice((nil, .patient), (nil, .willing)).positions == [1])
        #expect(choice((nil, .patient), (0, .willing)).positions == [0])
        #expect(choice((nil, .patient), (nil, .none)).positions == [0])
    }

    @Test func aReluctantOneIsChosenOnlyIfItsCircleHasNobodyElse() {
        let mixed = choice((1, .reluctant), (0, .willing), (3, .reluctant), (2, .reluctant))
        #expect(mixed.circles == [[0, 1], [2, 3]])
        #expect(mixed.positions == [1, 2, 3])
    }

    @Test func whatOthersStandBetweenIsLookedThrough() {
        #expect(choice((1, .willing), (2, .none), (nil, .willing)).positions == [2])
        #expect(choice((1, .willing), (2, .none), (0, .willing)).circles == [[0, 2]])
    }

    @Test func whoWaitsForOneThatCannotBeChosenIsChosenInstead() {
        #expect(choice((1, .patient), (nil, .none)).positions == [0])
        #expect(choice((1, .willing), (2, .none), (1, .none)).positions == [0])
    }

    @Test func withoutCandidatesNobodyIsChosen() {
        #expect(choice((1, .none), (0, .none)) == DeadlockSearch.Choice())
        #expect(choice() == DeadlockSearch.Choice())
    }
}
