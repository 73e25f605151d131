import NightjarConcurrency
import Testing

@Suite struct PriorityKeyTests {
    private static func key(_ elements: PriorityKey.Element...) -> PriorityKey { PriorityKey(list: elements) }
    private static func string(_ text: String) -> PriorityKey.Element { .string(Array(text.utf8)) }

    /// In order; none equal to another.
    static let ascending: [[PriorityKey]] = [
        [
            .number(-.infinity), .number(-0x1p63 - 2048), .integer(.min), .integer(.min + 1), .number(-1.5),
            .integer(-1),
            .number(-0.5), .integer(0), .number(0.5), .integer(1), .number(0x1p53), .integer((1 << 53) + 1),
            .integer(.max), .number(0x1p63), .number(.infinity), .number(.nan),
        ].map { PriorityKey($0) },
        ["", "\0", "A", "a", "aa", "b", "\u{e4}", "\u{10ffff}"].map { PriorityKey(string($0)) },
        [
            key(), key(.integer(1)), key(.integer(1), string("a")), key(.integer(1), string("b")),
            key(.integer(1), .unordered), key(.integer(2), .list, .endOfList),
            key(.integer(2), .list, .endOfList, .integer(0)), key(.integer(2), .list, .integer(0), .endOfList),
            key(.integer(2), .list, .integer(0), .integer(0), .endOfList), key(.integer(2), .list, .unordered),
        ],
    ]

    @Test(arguments: ascending) func keysOfOneKindStandInOrder(_ keys: [PriorityKey]) {
        for (left, key) in keys.enumerated() {
            for (right, other) in keys.enumerated() {
                #expect(key.precedes(other) == (left < right), "\(key) and \(other)")
                #expect(key.conflict(with: other) == nil, "\(key) and \(other)")
            }
        }
    }

    @Test func keysOfDifferentKindsAreInConflictAndStillInOrder() {
        for (left, keys) in Self.ascending.enumerated() {
            for (right, others) in Self.ascending.enumerated() where left != right {
                for key in keys {
                    for other in others {
                        #expect(key.precedes(other) == (left < right))
                        #expect(key.conflict(with: other) != nil)
                    }
                }
            }
        }
        let kinds = PriorityKey(Self.string("x")).conflict(with: PriorityKey(.integer(1)))
        #expect(kinds?.0 == .string && kinds?.1 == .number)
        #expect(
            "\(QueueError.incomparable(.string, .number))"
                == "'<' not supported between instances of 'string' and 'number'")
    }

    @Test func equalKeysPrecedeNoOther() {
        let pairs: [(PriorityKey, PriorityKey)] = [
            (PriorityKey(.integer(1)), PriorityKey(.number(1))), (PriorityKey(.number(0)), PriorityKey(.number(-0.0))),
            (PriorityKey(.number(.nan)), PriorityKey(.number(.nan))),
            (Self.key(.integer(1), .unordered), Self.key(.number(1), .unordered)),
            (Self.key(.integer(1), .unordered, .integer(1)), Self.key(.integer(1), .unordered, .integer(2))),
        ]
        for (left, right) in pairs {
            #expect(!left.precedes(right) && !right.precedes(left) && left.conflict(with: right) == nil)
        }
    }

    private struct Item: Prioritized {
        let key: PriorityKey
        func precedes(_ other: Self) -> Bool { key.precedes(other.key) }
        func conflict(with other: Self) -> QueueError? { key.conflict(with: other.key).map { .incomparable($0, $1) } }
    }

    /// A queue that looks at two neighbours finds each conflict with any of its items, and no other.
    @Test func aQueueRefusesExactlyWhatIsInConflictWithOneOfItsItems() throws {
        var random = SeededGenerator(seed: 7)
        let elements: [PriorityKey.Element] = [
            .integer(0), .integer(1), .number(0.5), Self.string("a"), Self.string("b"), .unordered,
        ]
        var refused = 0
        for _ in 0..<300 {
            let queue = BlockingQueue(PrioritizedDiscipline<Item>())
            var model: [PriorityKey] = []
            for _ in 0..<40 {
                let key = PriorityKey(
                    list: (0..<Int.random(in: 0...3, using: &random)).map { _ in elements.randomElement(using: &random)!
                    })
                let conflicts = model.contains { key.conflict(with: $0) != nil }
                if conflicts {
                    #expect(throws: QueueError.self) { try queue.put(Item(key: key)) }
                    refused += 1
                } else {
                    try queue.put(Item(key: key))
                    model.append(key)
                }
                #expect(queue.qsize == model.count)
            }
        }
        #expect(refused > 100)
    }
}
