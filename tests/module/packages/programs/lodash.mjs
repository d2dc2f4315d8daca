import _ from "lodash";

const template = _.template("<% _.each(items, (item) => { %><li><%- item %></li><% }) %>");

export const render = () =>
  template({
    items: _.chain(["b", "a", "<c>"]).sortBy().chunk(2).map((pair) => pair.join()).value(),
  }) +
  JSON.stringify(_.merge({ a: { b: 1 } }, { a: { c: [2] } }));
