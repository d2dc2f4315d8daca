import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from "@nats-io/jwt";

/** The subjects that a user may use. */
export interface UserPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Without them, an account has no connections. */
const UNLIMITED = { conn: -1, subs: -1, data: -1, payload: -1 };

/** Who says which users a NATS server has, and what they may do: an operator with one account. */
export class NatsOperator {
  /** What a server that trusts the operator has in its configuration. */
  readonly config: object;
  readonly #account;

  private constructor(config: object, account: ReturnType<typeof createAccount>) {
    this.config = config;
    this.#account = account;
  }

  /** Makes an operator with new keys. */
  static async make(): Promise<NatsOperator> {
    const operator = createOperator();
    const account = createAccount();
    return new NatsOperator({
      operator: await encodeOperator("operator", operator),
      resolver: "MEMORY",
      resolver_preload: {
        [account.getPublicKey()]: await encodeAccount("account", account, { limits: UNLIMITED }, {
          signer: operator,
        }),
      },
    }, account);
  }

  /** Makes a user. Resolves to the content of its file of credentials. */
  async makeUser({ publish, subscribe }: UserPermissions): Promise<string> {
    const user = createUser();
    const jwt = await encodeUser("user", user, this.#account, {
      pub: { allow: [...publish] },
      sub: { allow: [...subscribe] },
    });
    return new TextDecoder().decode(fmtCreds(jwt, user));
  }
}
