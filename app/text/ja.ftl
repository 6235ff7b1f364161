# 関所のことば（日本語）。どのキーも en.ftl と対になり、テストが確かめます。

## Signals: familiarity

## Signals: velocity

## Signals: infrastructure

## Signals: travel

## Signals: change

## Signals: purchase

## Signals: links

## Signals: exposure

## Verdicts, standings and patterns

## Problems
